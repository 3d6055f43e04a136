"""Components whose tags are judged before anything is registered, and reach everything that is billed."""
