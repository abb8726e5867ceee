"""English: what is said at the door."""

NOT_HERE = "There is nothing like that here. Reload the page and try again."
OTHER_ADDRESS = (
    "This page was opened under an address that its server does not know. Open it under its usual "
    "one; whoever runs it can name others in TIMESFORMER_HOSTS."
)
NO_LINKS = "Upload a file from this device; links and other places are not taken."
CLIP_GONE = (
    "This clip is no longer here: its file goes as soon as its frames are read. Upload or record "
    "it once more."
)
TWO_AT_MOST = "One of your clips is being looked at and another waits. Wait for the first."
BUSY = (
    "Too many people are waiting just now. Your clip stays here for some minutes: press the "
    "button again in one."
)
TOO_MANY_UPLOADS = "Too many clips came from your network just now. Wait a minute and try again."
TOO_LARGE = "This is too large: at most 50 MB are taken. Trim the clip, or record a shorter one."
ONE_FILE = "Send one file at a time, as the page does."
BROKEN_OFF = "Your clip did not arrive whole. Check the network and upload it again."
NO_ROOM = "The server has no room for clips just now. Wait some minutes and try again."
ON_PROCESSOR = "The graphics card has no memory left: going on without it, which takes longer"
