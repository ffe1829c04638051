"""Audio file -> clip of samples -> descriptors over time -> one feature vector.

Pure numpy, scipy and compiled loops. Every number is librosa's: the tests compare, and nothing imports it.
"""
