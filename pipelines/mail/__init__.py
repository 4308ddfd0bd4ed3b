"""E-mails: what one says (letter.py), and the mail server that takes it (post.py)."""
