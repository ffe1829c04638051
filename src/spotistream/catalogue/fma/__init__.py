"""Metadata and features of the Free Music Archive dataset (FMA) as its ``fma_metadata.zip`` holds them.

Source: Defferrard, Benzi, Vandergheynst and Bresson, FMA: A Dataset For Music Analysis, ISMIR 2017.
"""
