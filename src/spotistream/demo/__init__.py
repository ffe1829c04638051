"""Music for a service that ships none: a catalogue of generated clips. Start at ``catalogue.generate_catalogue``."""
