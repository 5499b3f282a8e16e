"""The races and kills at full size, for a quiet machine: `make soak`."""
