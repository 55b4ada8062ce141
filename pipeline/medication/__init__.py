"""What a note says of a drug's use: dose, unit, route, frequency, duration and PRN."""
