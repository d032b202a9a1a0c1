// Plays the PSA to a pod, from an origin that is not the PSA's. A good pod does not even load.
"use strict";
(() => {
  const frame = document.getElementById("pod");
  const say = (message) => frame.contentWindow.postMessage(JSON.stringify(message), "*");
  window.heard = [];
  addEventListener("message", (event) => {
    window.heard.push(event.data);
    let message;
    try {
      message = JSON.parse(event.data);
    } catch {
      return;
    }
    if (message.message === "ready") {
      say({ MessageFrameID: "hostile" });
      const screenObject = { screen: "company", id: Number(document.body.dataset.company), hostedAs: "pod" };
      say({ event: "onLoad", _id: "hostile-1", data: { screenObject } });
    }
    if (message.hosted_request === "getMemberAuthentication") {
      say({
        response: "getmemberauthentication",
        _id: "hostile-2",
        data: { site: `${location.origin}/`, companyid: "training", memberid: "Admin1", memberHash: "00000000-made-up", memberContext: "web" },
      });
    }
  });
})();
