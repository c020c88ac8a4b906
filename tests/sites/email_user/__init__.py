"""A site whose users have an e-mail address and no other name."""
