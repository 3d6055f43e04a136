"""One file a command; `tagwright_cli.root.COMMANDS` names them."""
