"""What listeners like, and which tracks to offer them: pure numpy, apart from training the factors on Spark."""
