"""Ways to reach people. A channel sends what it is given and changes no row."""
