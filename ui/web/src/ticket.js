// The code of a ticket is in the address behind `#`, where no server and no log sees it: it is posted, once.

const code = location.hash.slice(1);
history.replaceState(null, "", location.pathname);
if (code) {
  document.getElementById("code").value = code;
  document.querySelector("form").requestSubmit();
} else {
  document.getElementById("no-code").hidden = false;
  document.getElementById("go-on").disabled = true;
}
