"""Order numbers: random, so nobody can guess one or count our sales."""

import secrets

# Crockford's base 32: no I, L, O, U, so a number can be read out over the phone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10


def random_number() -> str:
    """Return a new number of 50 random bits, such as "7K3M9-QX2TD"."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{letters[:5]}-{letters[5:]}"
