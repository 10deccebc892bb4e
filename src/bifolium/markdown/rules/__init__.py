"""The dialect's rules, one to a file. Each has a `use` that adds it to a parser."""
