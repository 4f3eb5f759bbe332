"""The life that the demo has behind it: every record of it was made by the verbs, at its own time."""
