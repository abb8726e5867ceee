// The player of the stage: the video, or the frames where the browser cannot play it, and the time.

/** @typedef {import("./answers.js").Answer} Answer */

const LAST_FRAME_SECONDS = 0.25; // the last frame stays as long before the clip starts over

export class Player {
  /**
   * @param {HTMLVideoElement} video
   * @param {import("./pane.js").Pane[]} panes
   * @param {(frame: number) => void} onFrame
   * @param {(isPlaying: boolean) => void} onPlaying
   * @param {() => void} onError the browser cannot play the video
   */
  constructor(video, panes, onFrame, onPlaying, onError) {
    this.video = video;
    this.panes = panes;
    this.onFrame = onFrame;
    this.onPlaying = onPlaying;
    this.isSmooth = true;
    this.isPlaying = false;
    this.time = 0;
    this.frame = -1;
    /** @type {Answer | null} */
    this.answer = null;
    /** @type {HTMLImageElement[]} */
    this.images = [];
    this.canPlay = false;
    this.lastTick = 0;
    video.addEventListener("loadeddata", () => this.useVideo());
    video.addEventListener("error", () => {
      this.canPlay = false;
      onError();
    });
    new ResizeObserver(() => this.draw()).observe(panes[0].canvas);
    requestAnimationFrame((now) => this.tick(now));
    this.followVideo();
  }

  /**
   * Draw into other panes.
   * @param {import("./pane.js").Pane[]} panes
   */
  show(panes) {
    this.panes = panes;
    this.draw();
  }

  /**
   * Play a clip: its frames at once, its video as soon as that has come.
   * @param {Answer} answer
   * @param {string | null} address of the video
   */
  load(answer, address) {
    this.answer = answer;
    this.time = answer.times[0];
    this.canPlay = false;
    this.images = answer.frames.map((source) => Object.assign(new Image(), { src: source }));
    this.images[0].decode().then(() => this.draw()).catch(() => {});
    const isSame = address && this.video.src === new URL(address, document.baseURI).href;
    if (isSame && this.video.readyState > 1) this.useVideo();
    else if (address) this.video.src = address;
    else {
      this.video.removeAttribute("src");
      this.video.load(); // or a late frame of the old video would be drawn
    }
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (isStill) this.pause();
    else this.play();
  }

  /** Draw each frame of the video when the browser shows it, with the time that it has. */
  followVideo() {
    this.video.requestVideoFrameCallback?.((_, { mediaTime }) => {
      this.followVideo();
      if (!this.canPlay) return;
      this.time = mediaTime;
      this.draw();
    });
  }

  useVideo() {
    this.canPlay = this.video.videoWidth > 0;
    this.seek(this.time);
    if (this.isPlaying) this.playVideo();
  }

  /** Play the video. Where the browser does not allow that, the frames play. */
  playVideo() {
    this.video.play().catch(({ name }) => {
      if (name === "NotAllowedError") this.canPlay = false; // else a pause came between
    });
  }

  play() {
    this.isPlaying = true;
    this.onPlaying(true);
    if (this.canPlay) this.playVideo();
  }

  pause() {
    this.isPlaying = false;
    this.onPlaying(false);
    this.video.pause();
  }

  toggle() {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  /** @param {number} frame */
  goTo(frame) {
    if (!this.answer) return;
    this.pause();
    this.seek(this.answer.times[Math.max(0, Math.min(frame, this.answer.times.length - 1))]);
  }

  /** @param {number} frames */
  step(frames) {
    const count = this.answer?.times.length ?? 1;
    this.goTo((this.frame + frames + count) % count);
  }

  /** @param {number} time */
  seek(time) {
    this.time = time;
    if (this.canPlay) this.video.currentTime = time;
    this.draw();
  }

  /** @param {number} now in milliseconds */
  tick(now) {
    const seconds = Math.min(0.1, (now - this.lastTick) / 1000);
    this.lastTick = now;
    requestAnimationFrame((later) => this.tick(later));
    if (!this.answer || !this.isPlaying) return;
    const { times } = this.answer;
    const end = times[times.length - 1] + LAST_FRAME_SECONDS;
    const hasCallbacks = "requestVideoFrameCallback" in this.video;
    if (!this.canPlay) this.time += seconds;
    else if (!hasCallbacks) this.time = this.video.currentTime;
    if (this.time > end || (this.canPlay && this.video.ended)) {
      this.seek(times[0]);
      if (this.canPlay) this.playVideo();
    }
    if (!this.canPlay || !hasCallbacks) this.draw();
  }

  /** Draw the picture of the current time. */
  draw() {
    if (!this.answer) return;
    const { frame, share } = this.position(this.answer.times);
    const isVideo = this.canPlay && this.video.readyState > 1;
    const image = this.images[frame];
    if (!isVideo && !(image?.complete && image.naturalWidth)) return;
    for (const pane of this.panes) pane.draw(isVideo ? this.video : image, frame, share);
    if (frame === this.frame) return;
    this.frame = frame;
    this.onFrame(frame);
  }

  /**
   * Return the frame of the current time, and the share of the way to the next one.
   * @param {number[]} times
   */
  position(times) {
    const frame = Math.max(1, times.filter((time) => time <= this.time + 0.001).length) - 1;
    const span = (times[frame + 1] ?? times[frame]) - times[frame];
    if (!this.isSmooth || span <= 0) return { frame, share: 0 };
    return { frame, share: Math.min(1, Math.max(0, (this.time - times[frame]) / span)) };
  }
}
