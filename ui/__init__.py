"""The web server and the review app."""
