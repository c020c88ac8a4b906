"""What every app of shopkit stands on: settings, errors, money, facts, the HTTP doorway."""
