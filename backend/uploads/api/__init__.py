"""The edge of uploads: tus for what sends files, JSON for what asks about them."""
