"""A site whose users are not Django's: another login column, no first name, UUID keys."""
