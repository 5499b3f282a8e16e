"""The loader's facade: finds packs, lays them over each other, checks them and hands out what they hold."""
