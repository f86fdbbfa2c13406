"""What is checked: material balances, differences of measurements, samples. Pure: no clock, disk or network."""
