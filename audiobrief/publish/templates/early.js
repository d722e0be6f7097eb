"use strict";
// Before anything is drawn: what a page without a script has not, and what a small player has not.
document.documentElement.classList.add("js");
if (new URLSearchParams(location.search).has("embed")) document.documentElement.classList.add("embed");
