"""The shell of customers: frame, navigation, and the cards of the home page that other packages put there."""
