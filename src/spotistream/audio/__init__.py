"""Audio file -> clip of samples -> descriptors over time -> one feature vector. Pure numpy and librosa."""
