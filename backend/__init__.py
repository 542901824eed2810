"""The product: slices, app assembly, command line, and the development world around it.

cli > dev > app > privacy | audit > dossiers > procedures > agencies > settings        higher may import lower, never the other way
"""
