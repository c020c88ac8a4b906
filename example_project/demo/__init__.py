"""The content and the loading of the demo shop."""
