"""Push Mail: a person has secret mail addresses, and mail to one becomes a private message to them."""
