"""The component package `tagwright`, for programs in TypeScript, Go, C#, Java and YAML."""

from tagwright_pulumi.hosting import serve

if __name__ == "__main__":
    serve(name="tagwright")
