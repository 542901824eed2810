"""How other rooms reach this one, behind ports of theirs."""
