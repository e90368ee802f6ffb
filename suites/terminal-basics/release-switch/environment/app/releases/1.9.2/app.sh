#!/bin/bash
echo "shop 1.9.2"
