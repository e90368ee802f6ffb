#!/bin/bash
echo "shop 1.8.0"
