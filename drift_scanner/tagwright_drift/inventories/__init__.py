"""Where live resources come from: one Protocol, and a package a provider."""
