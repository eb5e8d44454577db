"""What holds of every course, on random ones: the properties of the domain's rules."""
