"""`python -m tagwright_cli`, for places where the console script is not on the PATH."""

from tagwright_cli.main import entry_point

if __name__ == "__main__":
    entry_point()
