// A frame beside the pods, of the PSA's own origin, that speaks to them as if it were the PSA.
"use strict";
setInterval(() => {
  for (let index = 0; index < parent.frames.length; index += 1) {
    const frame = parent.frames[index];
    if (frame === window) continue;
    const screenObject = { screen: "company", id: 1, hostedAs: "pod" };
    frame.postMessage(JSON.stringify({ MessageFrameID: "sibling" }), "*");
    frame.postMessage(JSON.stringify({ event: "onLoad", _id: "sibling", data: { screenObject } }), "*");
  }
}, 200);
