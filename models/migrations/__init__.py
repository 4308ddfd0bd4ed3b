"""Migrations, from the first; models/upgrade.py runs them."""
