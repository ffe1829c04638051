"""Pure DataFrame -> DataFrame functions: no reading, no writing, no clock, no random."""
