"""What the commands of `tagwright drift` share."""
