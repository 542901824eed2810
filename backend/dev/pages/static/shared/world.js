/* Where everything is: the public part of world.json. An app of your own has this in its configuration. */

const response = await fetch("/world.json");

export const world = await response.json();
