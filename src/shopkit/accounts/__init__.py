"""Who somebody is, with any user model."""
