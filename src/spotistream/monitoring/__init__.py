"""What operators see of the running streams: figures of each query, where they are kept, the verdict on them."""
