"""Training of the models that chartsift ships."""
