"""Push targets: which installations of the app a recipient has, and under which address Firebase knows them."""
