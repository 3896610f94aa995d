// Finds QR pictures where the browser has no BarcodeDetector of its own. Fetched by claim.js when the camera starts.
export { BarcodeDetector } from "qr/decode.js";
