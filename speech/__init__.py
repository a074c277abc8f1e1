"""The domain: sound and words. No web, no torch, no Triton client."""
