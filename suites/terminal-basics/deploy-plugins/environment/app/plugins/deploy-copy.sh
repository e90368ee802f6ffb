#!/bin/bash
mkdir -p "$2"
cp "$1"/*.txt "$2"/
