"""How the commands that govern a dictionary show what they found: one file a command."""
