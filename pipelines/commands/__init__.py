"""The commands of `secondlook` beside analyse, one file each: `add` declares it, the rest does it."""
