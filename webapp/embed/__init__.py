"""What other sites put into their pages: frames, an element of HTML, oEmbed, and what to paste."""
