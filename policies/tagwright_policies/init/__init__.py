"""A first dictionary for a repository that has none: proposed from the tags it carries today."""
