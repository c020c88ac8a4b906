"""What somebody is about to buy, in a store that the site chooses."""
