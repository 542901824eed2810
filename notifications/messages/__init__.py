"""The catalogue of messages as data: what can be said, in which words, how urgently."""
